using System.Globalization;
using System.Reflection;
using System.Text;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Tests.Sizes;

/// <summary>The text of a size stands in generated code: it must compile, and have the value that the size has.</summary>
public class CSharpTextTests
{
    [Fact]
    public void The_text_of_a_size_computes_its_value()
    {
        var random = new Random(1);
        var sizes = Enumerable.Range(0, 300)
            .Select(i => i % 2 == 0 ? RandomSize.WithQuotients(random) : RandomSize.Polynomial(random))
            .Where(size => size.Dim.IsKnown)
            .ToList();
        var code = new StringBuilder("public static class Computed {");
        for (var i = 0; i < sizes.Count; i++)
        {
            code.Append(CultureInfo.InvariantCulture, $"public static long F{i}(long a, long b, long c) => {sizes[i].Dim};\n");
        }

        var type = Load(code.Append('}').ToString()).GetType("Computed")!;
        for (var i = 0; i < sizes.Count; i++)
        {
            var method = type.GetMethod($"F{i}")!;
            for (var sample = 0; sample < 5; sample++)
            {
                var values = RandomSize.Values(random);
                if (sizes[i].Value(values) is { } expected)
                {
                    var actual = (long)method.Invoke(null, [(long)values["a"], (long)values["b"], (long)values["c"]])!;
                    Assert.True(expected == actual, $"{sizes[i].Expression} is {expected}; {sizes[i].Dim} is {actual}");
                }
            }
        }
    }

    private static Assembly Load(string code)
    {
        using var stream = new MemoryStream();
        var result = Declarations.CompileRaw(code).Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Take(5)));
        return Assembly.Load(stream.ToArray());
    }
}
