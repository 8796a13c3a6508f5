using SourceNet.Verification;

namespace SourceNet.Generators.Tests;

/// <summary>Every generated file of the gallery, to be read by a person: it should be what an expert would have written.</summary>
public class SnapshotTests
{
    [Fact]
    public void Gallery()
    {
        var sources = Compiler.Generate(Compiler.Compile(Tests.Gallery.Files));

        Snapshot.VerifyGenerated(sources.Select(source => (source.Key, source.Value)));
    }
}
