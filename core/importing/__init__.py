"""Files that people bring: read into rows of text, told apart by columns, refused with the reason at the cell."""
