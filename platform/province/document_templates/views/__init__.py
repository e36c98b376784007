"""Pages of the province's templates."""
