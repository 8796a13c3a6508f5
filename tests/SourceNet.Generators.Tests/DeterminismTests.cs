using System.Globalization;

namespace SourceNet.Generators.Tests;

/// <summary>The same declaration gives the same bytes: in any culture, in any order of files, each time.</summary>
public class DeterminismTests
{
    [Theory]
    [InlineData("sv-SE")] // minus is U+2212
    [InlineData("de-DE")] // comma for the decimal point
    [InlineData("tr-TR")] // i and I are not a pair
    [InlineData("ar-SA")]
    public void Culture_does_not_matter(string culture)
    {
        var expected = In(CultureInfo.InvariantCulture);

        Assert.Equal(expected, In(new CultureInfo(culture)));

        static IReadOnlyDictionary<string, string> In(CultureInfo culture)
        {
            var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            try
            {
                return Compiler.Generate(Compiler.Compile(Gallery.Files));
            }
            finally
            {
                (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
            }
        }
    }

    [Fact]
    public void Runs_and_the_order_of_files_do_not_matter()
    {
        var expected = Compiler.Generate(Compiler.Compile(Gallery.Files));

        Assert.Equal(expected, Compiler.Generate(Compiler.Compile(Gallery.Files)));
        Assert.Equal(expected, Compiler.Generate(Compiler.Compile(Gallery.Files.Reverse())));
        Assert.InRange(expected.Count, 30, 100);
    }

    [Fact]
    public void Line_ends_are_the_same_everywhere() =>
        Assert.All(Compiler.Generate(Compiler.Compile(Gallery.Files)).Values, text => Assert.DoesNotContain('\r', text));
}
