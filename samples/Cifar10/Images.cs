using SourceNet.Training;

namespace Cifar10Experiment;

/// <summary>CIFAR-10 from a folder: all of it, or parts in files of other names.</summary>
internal static class Images
{
    public static LabeledImages Train(string folder) =>
        Parts(folder, "cifar10_train*.bin*") is { Length: > 0 } parts ? Cifar10.Read(parts) : Cifar10.Train(folder);

    public static LabeledImages Test(string folder) =>
        Parts(folder, "cifar10_test*.bin*") is { Length: > 0 } parts ? Cifar10.Read(parts) : Cifar10.Test(folder);

    private static string[] Parts(string folder, string pattern) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)] : [];
}
