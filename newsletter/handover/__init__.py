"""Hand sealed issues over to mailing services, as draft campaigns that a person sends there."""
