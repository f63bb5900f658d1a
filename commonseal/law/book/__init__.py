"""The lawbook as pages for people: `write_site(book, folder, as_of=day, lang="zh")` (docs/law-book.md)."""

from commonseal.law.book.site import FORMAT, site_files, write_site

__all__ = ["FORMAT", "site_files", "write_site"]
