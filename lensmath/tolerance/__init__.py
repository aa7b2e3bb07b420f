"""Judging a made lens against what was ordered, by an edition of a tolerance standard that is data, not code.

`edition` holds the tables, `codec` turns them to and from plain JSON and checks what a person edited, `shipped` loads the
editions that come with the product, `power` judges one lens, `pair` judges prism and positions of the pair.
"""
