using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Analyzers.Tests.Vision;

/// <summary>The stand-in for TorchVision as an assembly of its own, as users reference it.</summary>
internal static class VisionReference
{
    public static MetadataReference Of(IEnumerable<MetadataReference> references)
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "SourceNet.Analyzers.Tests", "Vision", "torchvision.cs"));
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create("TorchVision", [CSharpSyntaxTree.ParseText(source)], references, new(OutputKind.DynamicallyLinkedLibrary))
            .Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
