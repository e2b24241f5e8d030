# docker.io/library/postgres: Debian's PostgreSQL 15 behind the upstream image's contract (POSTGRES_USER, POSTGRES_DB,
# POSTGRES_PASSWORD, PGDATA; user 999; docker-entrypoint.sh).
layer
debian_tree
debs libc6 libc-bin libgcc-s1 libstdc++6 zlib1g libzstd1 liblz4-1 liblzma5 libtinfo6 libreadline8 libedit2 libbsd0 libmd0
debs bash dash coreutils libacl1 libattr1 libgmp10 libselinux1 libpcre2-8-0
debs libxml2 libxslt1.1 libicu72 libssl3 libgssapi-krb5-2 libkrb5-3 libk5crypto3 libcom-err2 libkrb5support0 libkeyutils1 \
  libldap-2.5-0 libsasl2-2 libsasl2-modules-db libpam0g libaudit1 libcap-ng0 libsystemd0 libcap2 libgcrypt20 libgpg-error0 libuuid1 \
  libgnutls30 libp11-kit0 libidn2-0 libunistring2 libtasn1-6 libnettle8 libhogweed6 libffi8 libdb5.3 tzdata
debs libpq5 postgresql-15 postgresql-client-15
shell '
  ln -sf dash usr/bin/sh
  # Just-in-time compilation wants all of LLVM (110 MB); payments do not.
  rm -f usr/lib/postgresql/15/lib/llvmjit*.so && rm -rf usr/lib/postgresql/15/lib/bitcode
  rm -rf usr/lib/x86_64-linux-gnu/{gconv,audit} usr/share/{bash-completion,icu,gcc} usr/lib/postgresql/15/lib/pgxs usr/share/zoneinfo/right
  mkdir -p var/lib/postgresql/data var/run/postgresql docker-entrypoint-initdb.d
  chmod 1777 run && mkdir -p run/postgresql && chmod 3777 run/postgresql && chmod 0777 var/lib/postgresql var/lib/postgresql/data
'
libraries_resolve /usr/lib/postgresql/15/bin/postgres /usr/lib/postgresql/15/bin/initdb /usr/lib/postgresql/15/bin/psql
layer
files postgres/docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
config --entrypoint /usr/local/bin/docker-entrypoint.sh --cmd postgres --user 999:999 --env PGDATA=/var/lib/postgresql/data --env LANG=C.UTF-8 \
  --env PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin
