from province.satisfaction.operations.figures import change_rating_figure, replace_rating_figures

__all__ = ["change_rating_figure", "replace_rating_figures"]
