namespace SourceNet;

/// <summary>How the names, shapes and types of a file of weights come to those of a model.</summary>
/// <remarks>
/// In patterns <c>*</c> stands for any text. A file's name loses <see cref="Prefix"/>, is then renamed by <see cref="Names"/>, and what comes out is the
/// model's name, which the other settings mean. Each setting must meet something: what meets nothing is an error, it may be misspelled.
/// </remarks>
public sealed record LoadOptions
{
    /// <summary>Whether every name must be in both, but those that <see cref="Skip"/> and <see cref="SkipOtherShapes"/> leave out.</summary>
    public bool Strict { get; init; } = true;

    /// <summary>What the file's names begin with and the model's do not: <c>"bert."</c>. Names without it stay as they are.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// The model's names for those of the file, exact or as patterns: <c>["classifier.*"] = "fc.*"</c>, where each <c>*</c> on the right is what the one on the
    /// left stands for. An exact name goes before a pattern, and of patterns the first that fits counts.
    /// </summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the model, or patterns, that keep their values whatever the file has: <c>["fc.*"]</c> for a new head.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Whether tensors of another shape are left out and reported, such as a head for other classes; else they are an error.</summary>
    public bool SkipOtherShapes { get; init; }

    /// <summary>Names of the model, or patterns, of matrices that the file has transposed: the <c>Conv1D</c> of GPT-2 by Hugging Face.</summary>
    public IReadOnlyList<string> Transposed { get; init; } = [];

    /// <summary>
    /// Whether floating-point tensors are converted to the model's type, float16 and bfloat16 to float32 for example; else another type is an error.
    /// </summary>
    public bool ConvertTypes { get; init; }
}
