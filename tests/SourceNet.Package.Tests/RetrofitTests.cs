namespace SourceNet.Package.Tests;

/// <summary>What <c>dotnet format</c> makes of samples/Retrofit with the package, as its README says.</summary>
[Collection(nameof(Workplace))]
public class RetrofitTests(Workplace workplace)
{
    private static readonly string s_sample = Path.Combine(Repository.Root, "samples", "Retrofit");

    [Fact]
    public async Task Dotnet_format_turns_one_into_the_other_as_far_as_fixes_go()
    {
        var folder = workplace.Program("Retrofit", Workplace.Package("SourceNet.Analyzers"), [.. Sources("Before"), .. Sources("Data")]);
        await Dotnet.SucceedAsync(folder, "restore");

        await Dotnet.SucceedAsync(folder, "format", "analyzers", "--severity", "warn", "--no-restore");

        Assert.Equal(Text(s_sample, "After", "DigitNet.cs"), Text(folder, "DigitNet.cs"));
        Assert.Equal(Text(s_sample, "After", "Recognizer.cs"), Text(folder, "Recognizer.cs"));
        Assert.Equal(ByHand(Text(folder, "Trainer.cs")), Text(s_sample, "After", "Trainer.cs"));
    }

    /// <summary>The four edits that the README leaves to a hand.</summary>
    private static string ByHand(string trainer) => trainer
        .Replace("        net.train();\n        for", "        for")
        .Replace("var total = zeros(1);", "var total = 0f;")
        .Replace("var probabilities = nn.functional.softmax(net.call(images), 1);", "using var scope = NewDisposeScope();")
        .Replace("criterion.call(probabilities, labels)", "criterion.call(net.call(images), labels)")
        .Replace("total += loss;", "total += loss.item<float>();")
        .Replace("{total.item<float>():F2}", "{total:F2}");

    private static IEnumerable<(string File, string Source)> Sources(string variant) =>
        Directory.GetFiles(Path.Combine(s_sample, variant), "*.cs").Select(path => (Path.GetFileName(path), File.ReadAllText(path)));

    private static string Text(params string[] path) => File.ReadAllText(Path.Combine(path)).ReplaceLineEndings("\n");
}
