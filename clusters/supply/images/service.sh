# A service of this repository (_argument is its module's folder): the Quarkus application in layers, what changes least first.
# With AOT=1 a start-up cache besides, which any change makes anew: docs/decisions/0024.
from "$(lock .java.reference)"
layer
tree "$_argument/target/image/quarkus-app" /app
shell 'rm -rf app/app app/quarkus app/quarkus-run.jar app/quarkus-app-dependencies.txt; find app/lib -name "dev.tandem.*" -delete'
layer
tree "$_argument/target/image/quarkus-app" /app
shell 'find app/lib -type f ! -name "dev.tandem.*" -delete; find app -type d -empty -delete'
if [[ ${AOT:-0} == 1 ]]; then
  layer
  start_up_cache /app/app.aot "$_argument/trial"
  config --entrypoint /opt/java/bin/java,-XX:AOTCache=/app/app.aot,-jar,/app/quarkus-run.jar --workdir /app
else
  config --entrypoint /opt/java/bin/java,-jar,/app/quarkus-run.jar --workdir /app
fi
