# registry.tandem.internal/java: the runtime that every service shares. A JDK 25 linked down to the modules that the services
# use, on glibc; no shell.
layer
debian_tree
debs libc6
shell 'rm -rf usr/lib/x86_64-linux-gnu/{gconv,audit} usr/share/doc/libc6/[!c]*; mkdir -p home/nonroot; chmod 0777 home/nonroot'
layer
jlink_runtime /opt/java
libraries_resolve /opt/java/bin/java /opt/java/lib/server/libjvm.so
config --user 65532:65532 --workdir /app --env JAVA_HOME=/opt/java --env PATH=/opt/java/bin
