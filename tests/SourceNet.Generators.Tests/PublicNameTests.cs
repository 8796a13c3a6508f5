using System.Text.RegularExpressions;

namespace SourceNet.Generators.Tests;

/// <summary>Generated code is compiled into other people's assemblies.</summary>
public partial class PublicNameTests
{
    [Fact]
    public void Every_type_of_the_libraries_that_generated_code_names_is_public()
    {
        var exported = new[] { typeof(Model), typeof(Training.Augmentation) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Select(type => type.FullName!.Split('`')[0])
            .ToHashSet();
        var written = Compiler.Generate(Compiler.Compile(Tests.Gallery.Files)).Values
            .SelectMany(source => Name().Matches(source))
            .Select(match => match.Groups[1].Value)
            .Where(name => !name.StartsWith("SourceNet.Gallery.", StringComparison.Ordinal))
            .Distinct()
            .ToList();

        Assert.Contains("SourceNet.CompilerServices.LayerRegistry", written);
        // A name may go on with a member: SourceNet.Provenance.Explicit.
        Assert.All(written, name => Assert.True(exported.Contains(name) || exported.Contains(name[..name.LastIndexOf('.')]), name));
    }

    [GeneratedRegex(@"global::(SourceNet(?:\.\w+)+)")]
    private static partial Regex Name();
}
