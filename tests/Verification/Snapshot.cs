using System.Runtime.CompilerServices;
using System.Text;

namespace SourceNet.Verification;

/// <summary>
/// Compares text with a file beside the test, with Verify's names and layout, so that Verify can take over: <c>Class.Test#Hint.verified.cs</c>, and
/// <c>.received.cs</c> on a mismatch. <c>SOURCENET_ACCEPT=1</c> accepts what is received.
/// </summary>
internal static class Snapshot
{
    private static bool Accepts => Environment.GetEnvironmentVariable("SOURCENET_ACCEPT") == "1";

    /// <summary>Compares one text with <c>Class.Test.verified.extension</c>.</summary>
    public static void Verify(string text, string extension, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        VerifyAll([("", text)], extension, file, test);

    /// <summary>Compares generated files, one a hint name, with <c>Class.Test#Hint.verified.cs</c>; a snapshot without a generated file is stale.</summary>
    public static void VerifyGenerated(
        IEnumerable<(string HintName, string Text)> sources,
        [CallerFilePath] string file = "",
        [CallerMemberName] string test = "") =>
        VerifyAll(
            sources.Select(source => ("#" + Path.GetFileNameWithoutExtension(source.HintName), $"//HintName: {source.HintName}\n{source.Text}")),
            "cs",
            file,
            test);

    private static void VerifyAll(IEnumerable<(string Suffix, string Text)> texts, string extension, string file, string test)
    {
        var folder = Path.Combine(Path.GetDirectoryName(file)!, "Snapshots");
        Directory.CreateDirectory(folder);
        var prefix = $"{Path.GetFileNameWithoutExtension(file)}.{test}";
        var problems = new List<string>();
        var verified = new HashSet<string>();
        foreach (var (suffix, text) in texts)
        {
            var path = Path.Combine(folder, $"{prefix}{suffix}.verified.{extension}");
            verified.Add(path);
            if (Compare(path, text) is { } problem)
            {
                problems.Add(problem);
            }
        }

        foreach (var stale in Directory.GetFiles(folder, $"{prefix}*.verified.{extension}").Where(path => IsOf(path, prefix) && !verified.Contains(path)))
        {
            if (Accepts)
            {
                File.Delete(stale);
            }
            else
            {
                problems.Add($"{Path.GetFileName(stale)} is stale: nothing was generated for it");
            }
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems.Append("Set SOURCENET_ACCEPT=1 to accept.")));
    }

    /// <summary>Another test's name may start with this one's.</summary>
    private static bool IsOf(string path, string prefix) => Path.GetFileName(path)[prefix.Length] is '#' or '.';

    private static string? Compare(string path, string text)
    {
        var received = path.Replace(".verified.", ".received.");
        var actual = text.Replace("\r\n", "\n").TrimEnd('\n');
        var expected = File.Exists(path) ? File.ReadAllText(path).Replace("\r\n", "\n").TrimEnd('\n') : null;
        if (actual == expected)
        {
            File.Delete(received);
            return null;
        }

        if (Accepts)
        {
            File.WriteAllText(path, actual + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Delete(received);
            return null;
        }

        File.WriteAllText(received, actual + "\n");
        return $"{Path.GetFileName(path)} {(expected is null ? "does not exist yet" : "differs: " + FirstDifference(expected, actual))}";
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (before, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(before.Length, now.Length)).First(i => before.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {line + 1} was\n    {before.ElementAtOrDefault(line)}\nand is\n    {now.ElementAtOrDefault(line)}";
    }
}
