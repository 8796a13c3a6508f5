namespace SourceNet;

/// <summary>One layer in a model's summary.</summary>
/// <param name="Path">Its state-dict path from the model: <c>block1.conv</c>.</param>
/// <param name="Kind">What it is: <c>Conv2d</c>, or the name of a model's class.</param>
/// <param name="Details">Its sizes and options; for a model, its arguments.</param>
/// <param name="OutputShape">The shape it gives per sample, without the batch axis; empty where it is not known.</param>
/// <param name="Parameters">How many numbers it learns. A shared parameter counts where it comes first.</param>
/// <param name="RegularizedBy">Its regularizers with their strengths: <c>WeightDecay(0.001)</c>. May be empty.</param>
/// <param name="Fused">What one kernel computes together with it, where device and type allow: <c>BatchNorm2d + ReLU</c>. Empty if it is left to
/// libtorch.</param>
public sealed record SummaryRow(string Path, string Kind, string Details, string OutputShape, long Parameters, string RegularizedBy, string Fused = "");
