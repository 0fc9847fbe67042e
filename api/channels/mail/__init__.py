"""The mail channel: a mailbox is read by IMAP, and answered by SMTP."""
