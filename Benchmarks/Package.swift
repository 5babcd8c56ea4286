// swift-tools-version: 6.2

import PackageDescription

/// The worker that the Python driver times; a package of its own, so that clients never build it.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "LinearStructures", path: "..")],
  targets: [
    .executableTarget(
      name: "bench", dependencies: [.product(name: "LinearStructures", package: "LinearStructures")])
  ],
  swiftLanguageModes: [.v6]
)
