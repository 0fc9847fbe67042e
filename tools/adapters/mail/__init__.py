"""Mail out by SMTP, and a look into the mailbox by IMAP."""
