import Foundation
import TensorIO

/// The training step in the name of a checkpoint.
///
/// Files: `NAME-DIGITS.safetensors` (but not `model-00001-of-00003`, a shard), `DIGITS.safetensors`,
/// `DIGITS_adapters.safetensors` as mlx-lm writes, and a word for step before the digits, with or without `-`, `_` or
/// `=` between the two: `step_10`, `NAME-step00000100`. Folders: `checkpoint-N`, `global_step_N`, `global_stepN`,
/// `step_N`, `stepN` and digits alone.
enum SnapshotName {
  /// What a name says about a step.
  enum Reading: Equatable {
    case step(Int)
    /// The digits of a step that no `Int` holds.
    case tooLarge(digits: String)
    /// The file is one of several that make up a checkpoint together.
    case shard
    case none
  }

  /// The step in the name of a file.
  static func reading(ofFile name: String) -> Reading {
    guard FileEnding.safetensors.ends(name) else { return .none }
    let stem = FileEnding.safetensors.removed(from: name)
    if stem.contains(/[-_][0-9]+-of-[0-9]+$/) { return .shard }
    let digits =
      stem.wholeMatch(of: /([0-9]+)(?:_adapters)?/)?.1 ?? stem.wholeMatch(of: /.*-([0-9]+)/)?.1
      ?? stem.wholeMatch(of: /(?:.*[-_.])?(?:step|checkpoint|ckpt|iter)[-_=]?([0-9]+)/)?.1
    return reading(digits)
  }

  /// The step in the name of a folder.
  static func reading(ofFolder name: String) -> Reading {
    let digits =
      name.wholeMatch(of: /[0-9]+/)?.0
      ?? name.wholeMatch(of: /(?:.*[-_.])?(?:step|checkpoint|ckpt|iter)[-_=]?([0-9]+)/)?.1
    return reading(digits)
  }

  /// The step of a checkpoint: the step in its own name, else in the name of the folder whose model it is.
  ///
  /// A file inside of `checkpoint-100` and the folder `global_step_100/actor/huggingface` belong to step 100.
  static func reading(of url: URL) -> Reading {
    let name = url.lastPathComponent
    let own = reading(ofFile: name)
    if own != .none, own != .shard { return own }
    let folder = reading(ofFolder: name)
    if folder != .none { return folder }
    let isInside =
      name.wholeMatch(of: /(?:adapter_)?model.*\.safetensors(?:\.index\.json)?|adapters\.safetensors/) != nil
      || RunFolder.nestedModels.contains { $0.split(separator: "/").contains { $0 == name } }
    guard isInside, url.pathComponents.count > 2 else { return .none }
    return reading(of: url.standardizedFileURL.deletingLastPathComponent())
  }

  private static func reading(_ digits: Substring?) -> Reading {
    guard let digits else { return .none }
    return Int(digits).map(Reading.step) ?? .tooLarge(digits: String(digits))
  }
}
