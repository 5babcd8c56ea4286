/// Ends the program with `message` unless `condition` holds.
///
/// `precondition` does the same in a debug build, but a release build leaves its message out, and the program ends by
/// an illegal instruction without a word. The message is made only where the condition fails.
@inlinable @_transparent
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
