from province.search.operations.articles import ArticleFacts, report_articles, report_articles_again

__all__ = ["ArticleFacts", "report_articles", "report_articles_again"]
