// Package controllers stands in for sigs.k8s.io/mcs-api/controllers, whose module archive is not on the Go module
// proxies. Cilium uses one constant of it, the name of an annotation that the Multi-Cluster Services API defines
// (KEP-1645); everything else of the real module is a controller that Tandem does not run.
package controllers

// DerivedServiceAnnotation names the Service that a ServiceImport's virtual address was derived into.
const DerivedServiceAnnotation = "multicluster.kubernetes.io/derived-service"
