-- Finds the last payment for which the user service was asked. CONCURRENTLY: payments are made meanwhile.
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_latest_user_name
  ON payment (user_id, create_time DESC) WHERE user_name_as_of IS NULL;
