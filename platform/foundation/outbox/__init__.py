"""Events written in the same transaction as the change they tell of, and due times; a relay carries both out."""
