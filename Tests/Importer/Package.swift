// swift-tools-version: 6.2

import PackageDescription

/// A tool outside of the package: it depends on it by path and imports every product.
let package = Package(
  name: "Importer",
  dependencies: [.package(name: "LinearStructures", path: "../..")],
  targets: [
    .executableTarget(
      name: "Importer",
      dependencies: [
        .product(name: "Tensor", package: "LinearStructures"),
        .product(name: "Nulls", package: "LinearStructures"),
        .product(name: "TensorIO", package: "LinearStructures"),
        .product(name: "Subspace", package: "LinearStructures"),
        .product(name: "Runs", package: "LinearStructures"),
        .product(name: "Steering", package: "LinearStructures"),
        .product(name: "Extrapolate", package: "LinearStructures"),
        .product(name: "LinearStructures", package: "LinearStructures"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
