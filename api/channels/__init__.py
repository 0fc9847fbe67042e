"""Where tickets come from: mail, helpdesks, a website. One contract, one way in, one way out."""
