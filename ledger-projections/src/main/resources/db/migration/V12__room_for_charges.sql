-- Room for another version of every row beside the present one, since most of them change at once under load: a row that
-- finds none moves to another page and has to be entered in both indexes anew.
ALTER TABLE reporting.billing_periods SET (fillfactor = 50);
