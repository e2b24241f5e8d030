-- What a newer caller said beyond what this version of the contract knows: protobuf's wire format, read by nobody here.
ALTER TABLE payment ADD COLUMN further_fields bytea NOT NULL DEFAULT '' CHECK (octet_length(further_fields) <= 4096);
