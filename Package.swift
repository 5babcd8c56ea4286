// swift-tools-version: 6.2

import PackageDescription

/// Warnings are errors only in this package's own builds: SwiftPM keeps the setting for path
/// dependencies, so an unconditional one would break clients on a newer compiler.
let isStrict = Context.environment["LINEARSTRUCTURES_STRICT"] != nil

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["_TestSupport"], exclude: ["Fixtures"], swiftSettings: settings)
}

let package = Package(
  name: "LinearStructures",
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "Nulls", targets: ["Nulls"]),
    .library(name: "TensorIO", targets: ["TensorIO"]),
    .library(name: "Subspace", targets: ["Subspace"]),
    .library(name: "Runs", targets: ["Runs"]),
    .library(name: "Steering", targets: ["Steering"]),
    .library(name: "Extrapolate", targets: ["Extrapolate"]),
    .library(name: "LinearStructures", targets: ["LinearStructures"]),
    .executable(name: "linstruct", targets: ["linstruct"]),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS",
      pkgConfig: "openblas lapacke",
      providers: [
        .apt(["libopenblas-dev", "liblapacke-dev"]),
        .brew(["openblas", "lapack"]),
      ]),
    .target(name: "CKernels"),
    room("Tensor", ["COpenBLAS", "CKernels"]),
    room("Nulls", ["Tensor"]),
    room("TensorIO", ["Tensor"]),
    room("Subspace", ["Tensor", "Nulls", "TensorIO"]),
    room("Runs", ["Tensor", "TensorIO"]),
    room("Steering", ["Tensor", "Nulls", "TensorIO", "Subspace"]),
    room("Extrapolate", ["Tensor", "Nulls", "TensorIO", "Runs"]),
    room("LinearStructures", ["Tensor", "Nulls", "TensorIO", "Subspace", "Runs", "Steering", "Extrapolate"]),
    .target(name: "CSample", exclude: ["data", "make_sample.py"]),
    .target(name: "CStart"),
    .executableTarget(
      name: "linstruct", dependencies: ["LinearStructures", "CSample", "CStart"], swiftSettings: settings),
    .target(
      name: "_TestSupport", dependencies: ["Tensor", "TensorIO"], path: "Tests/_TestSupport", swiftSettings: settings),
    tests("Tensor", ["Tensor", "CKernels"]),
    .testTarget(name: "NullsTests", dependencies: ["Nulls", "Tensor"], swiftSettings: settings),
    tests("TensorIO", ["Tensor", "TensorIO"]),
    tests("Subspace", ["Tensor", "Nulls", "TensorIO", "Subspace"]),
    .testTarget(name: "LinearStructuresTests", dependencies: ["LinearStructures"], swiftSettings: settings),
    .testTarget(
      name: "SteeringTests", dependencies: ["Steering", "Subspace", "Nulls", "Tensor", "TensorIO", "_TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "RunsTests", dependencies: ["Runs", "Tensor", "TensorIO", "_TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ExtrapolateTests", dependencies: ["Extrapolate", "Runs", "Nulls", "Tensor", "TensorIO", "_TestSupport"],
      swiftSettings: settings),
    tests("Linstruct", ["linstruct", "Tensor", "TensorIO"]),
  ],
  swiftLanguageModes: [.v6]
)
