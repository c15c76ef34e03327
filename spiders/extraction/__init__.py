"""Reading an article off a page of no known CMS: what its metadata states, and what its layout and words show."""
