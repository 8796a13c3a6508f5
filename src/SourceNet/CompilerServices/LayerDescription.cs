using System.ComponentModel;

namespace SourceNet.CompilerServices;

/// <summary>A layer of a declared model as the declaration has it, also one that is only a function call, like an activation.</summary>
/// <remarks>Generated code makes it.</remarks>
/// <param name="Path">The state-dict path that the layer's parameters have or would have: <c>block1.conv</c>.</param>
/// <param name="Kind">What it is: <c>Conv2d</c>.</param>
/// <param name="Details">Its sizes and options in a few words: <c>3 -> 64, kernel 3, padding 1</c>. May be empty.</param>
/// <param name="OutputShape">The shape it gives per sample, without the batch axis: <c>[64, 32, 32]</c>. Empty where it is not known.</param>
/// <param name="Fused">What one kernel computes together with it: <c>BatchNorm2d + ReLU</c>. Empty if it is left to libtorch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LayerDescription(string Path, string Kind, string Details, string OutputShape, string Fused = "");
