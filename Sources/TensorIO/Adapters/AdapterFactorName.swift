/// What the name of a tensor says about the adapter that it is a factor of, in the layouts of PEFT and mlx-lm.
struct AdapterFactorName {
  /// What the names of the two factors of a pair have in common.
  struct Key: Hashable {
    /// The part before the factor.
    let stem: String
    /// The name of the adapter, where the file stores it.
    let adapter: String
    /// Whether the file stores both factors transposed, as mlx-lm does.
    let isTransposed: Bool

    /// The path of the module in the model, without the prefix that PEFT puts before it.
    var module: String {
      let prefix = "base_model.model."
      return stem.hasPrefix(prefix) ? String(stem.dropFirst(prefix.count)) : stem
    }
  }

  let key: Key
  /// Whether this is A, which maps down to the components.
  let isDown: Bool

  /// The reading of a name; `nil` where it is that of no factor.
  init?(_ name: String) {
    if let match = name.wholeMatch(of: /(.+)\.lora_([AB])(\.[^.]+)?\.weight/) {
      self.init(match.1, match.3, isTransposed: false, isDown: match.2 == "A")
    } else if let match = name.wholeMatch(of: /(.+)\.lora_embedding_([AB])(\.[^.]+)?/) {
      self.init(match.1, match.3, isTransposed: false, isDown: match.2 == "A")
    } else if let match = name.wholeMatch(of: /(.+)\.lora_([ab])/) {
      self.init(match.1, nil, isTransposed: true, isDown: match.2 == "a")
    } else {
      return nil
    }
  }

  private init(_ stem: Substring, _ adapter: Substring?, isTransposed: Bool, isDown: Bool) {
    key = Key(stem: String(stem), adapter: String(adapter ?? ""), isTransposed: isTransposed)
    self.isDown = isDown
  }
}
