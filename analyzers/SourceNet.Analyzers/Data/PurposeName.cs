namespace SourceNet.Analyzers.Data;

/// <summary>What a name says of the data behind it. That is a sign and no proof.</summary>
internal static class PurposeName
{
    private static readonly HashSet<string> s_training = ["train", "training", "trainset"];

    private static readonly HashSet<string> s_evaluation = ["test", "testing", "testset", "val", "valid", "validation", "valset", "eval", "evaluation"];

    /// <summary>Such data are meant to be disturbed.</summary>
    private static readonly HashSet<string> s_disturbed =
    [
        "augmented", "augmentation", "aug", "tta", "noisy", "robust", "robustness", "corrupted", "corruption", "adversarial", "random", "shuffled", "demo"
    ];

    /// <summary>The purpose that a name speaks of; none if it speaks of two, or of data that are disturbed on purpose.</summary>
    public static Purpose Of(string? name)
    {
        var words = NameWords.Of(name).ToList();
        return words.Any(s_disturbed.Contains) ? Purpose.None
            : (words.Any(s_training.Contains), words.Any(s_evaluation.Contains)) switch
            {
                (true, false) => Purpose.Training,
                (false, true) => Purpose.Evaluation,
                _ => Purpose.None,
            };
    }

    /// <summary>Whether a name says that its data are disturbed on purpose.</summary>
    public static bool IsDisturbed(string? name) => NameWords.Of(name).Any(s_disturbed.Contains);
}
