# docker.io/apache/kafka: Kafka's broker in /opt/kafka/libs, as in upstream's image. Upstream's scripts and its own way of
# reading settings from the environment are not there: the chart starts Java itself, which works with both.
from "$(lock .java.reference)"
layer
maven_jars kafka /opt/kafka/libs
config --user 1000:1000 --workdir / --entrypoint /opt/java/bin/java
