"""Words on a page: what can be clicked and asked, boxes for typed ones, a first look at vectors."""
