"""Documents that the hall issues (文书): their templates, their numbers, and each one that was issued."""
