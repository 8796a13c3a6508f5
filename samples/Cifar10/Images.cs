using SourceNet.Training;

namespace Cifar10Experiment;

/// <summary>CIFAR-10 from a folder: all of it, or parts in files of other names.</summary>
internal static class Images
{
    public static LabeledImages Train(string folder) => Parts(folder, "train") is { Length: > 0 } parts ? Cifar10.Read(parts) : Cifar10.Train(folder);

    public static LabeledImages Test(string folder) => Parts(folder, "test") is [var part] && !Path.GetFileName(part).StartsWith("test_batch", StringComparison.Ordinal) ? Cifar10.Read(part) : Cifar10.Test(folder);

    private static string[] Parts(string folder, string kind) => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, $"*{kind}*.bin*").Order(StringComparer.Ordinal)]
        : [];
}
