-- When the user service named the user, for a payment that was made while it could not be reached.
ALTER TABLE payment ADD COLUMN user_name_as_of timestamptz;
