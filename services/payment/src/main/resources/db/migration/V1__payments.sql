CREATE TABLE payment (
  payment_id      uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  -- What makes a charge happen once: two calls that race meet here.
  idempotency_key text        NOT NULL CONSTRAINT payment_is_made_once UNIQUE,
  user_id         text        NOT NULL,
  user_name       text        NOT NULL,
  amount_minor    bigint      NOT NULL CHECK (amount_minor > 0),
  currency_code   text        NOT NULL CHECK (currency_code ~ '^[A-Z]{3}$'),
  create_time     timestamptz NOT NULL DEFAULT now()
);
