"""Files that people upload: checked by content, kept in S3, handed out by links that soon end."""
