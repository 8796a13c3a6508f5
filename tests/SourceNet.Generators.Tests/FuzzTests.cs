using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Generators.Tests;

/// <summary>Damaged sources of the gallery: the generator sees most programs while they are being typed. The seed is fixed.</summary>
public class FuzzTests
{
    private const int MostDamages = 500;

    /// <summary>Where the machine is busy, less is tried.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(8);

    private static readonly CSharpCompilation s_empty = Compiler.Compile([]);

    [Fact]
    public void Sources_that_end_early_do_not_make_it_throw()
    {
        var watch = Stopwatch.StartNew();
        // Steps that share no divisor with the files' lengths reach other places in each.
        foreach (var (path, text) in Shuffled(Gallery.Files, new Random(1)))
        {
            for (var length = 150; length < text.Length && watch.Elapsed < s_limit; length += 97)
            {
                Check(path, text[..length], $"the first {length} characters");
            }
        }
    }

    [Fact]
    public void Tokens_deleted_doubled_and_swapped_do_not_make_it_throw()
    {
        var random = new Random(2);
        var watch = Stopwatch.StartNew();
        var files = Gallery.Files.Select(file => (file.Path, Tokens: Compiler.Parse(file.Text)
            .GetRoot()
            .DescendantTokens()
            .Select(token => token.ToFullString())
            .ToList())).ToList();
        var count = 0;
        while (count < MostDamages && watch.Elapsed < s_limit)
        {
            var (path, tokens) = files[random.Next(files.Count)];
            var damaged = tokens.ToList();
            for (var i = 1 + random.Next(3); i > 0; i--)
            {
                var (at, other) = (random.Next(damaged.Count), random.Next(damaged.Count));
                switch (random.Next(4))
                {
                    case 0:
                        damaged.RemoveAt(at);
                        break;
                    case 1:
                        damaged.Insert(at, damaged[at]);
                        break;
                    case 2:
                        (damaged[at], damaged[other]) = (damaged[other], damaged[at]);
                        break;
                    default:
                        var donor = files[random.Next(files.Count)].Tokens;
                        damaged.Insert(at, donor[random.Next(donor.Count)]);
                        break;
                }
            }

            Check(path, string.Concat(damaged), $"damage {count++} of seed 2");
        }

        Assert.InRange(count, 1, MostDamages);
    }

    private static void Check(string path, string text, string what)
    {
        var compilation = s_empty.AddSyntaxTrees(Compiler.Parse(text, path));
        var driver = CSharpGeneratorDriver.Create(new ModelGenerator()).WithUpdatedParseOptions(Compiler.ParseOptions).RunGenerators(compilation);

        var exception = driver.GetRunResult().Results.Single().Exception;

        Assert.True(exception is null, $"{path}, {what}: {exception}\n\n{text}");
    }

    private static IEnumerable<T> Shuffled<T>(IReadOnlyList<T> items, Random random)
    {
        var order = items.ToArray();
        random.Shuffle(order);
        return order;
    }
}
