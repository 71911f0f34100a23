"""Tests of the pages, as a browser without JavaScript gets them."""
