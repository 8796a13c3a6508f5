namespace SourceNet.Generators.Tests;

/// <summary>Each model has a file of its own, whatever it is called.</summary>
public class HintNameTests
{
    [Fact]
    public void Files_are_named_by_namespace_nesting_and_arity()
    {
        var names = Generate("""
            namespace A { MODEL class Net { BODY } }
            namespace B.C { MODEL class Net { BODY } partial class Outer<T> { MODEL class Net<TOther> { BODY } } }
            MODEL class Net { BODY }
            partial class Net<T> { MODEL class Net2 { BODY } }
            """);

        Assert.Equal(["A.Net.g.cs", "B.C.Net.g.cs", "B.C.Outer-1+Net-1.g.cs", "Net-1+Net2.g.cs", "Net.g.cs"], names);
    }

    [Fact]
    public void Names_that_differ_in_case_only_get_different_files()
    {
        // The compiler compares file names as Windows does.
        var names = Generate("""
            MODEL class Cnn { BODY }
            MODEL class CNN { BODY }
            MODEL class cnn { BODY }
            MODEL class Mlp { BODY }
            """);

        Assert.Equal(4, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("Mlp.g.cs", names);
    }

    [Fact]
    public void Keywords_and_letters_of_any_script_may_be_names()
    {
        var names = Generate("""
            namespace @event.Größe { MODEL class @class { BODY } MODEL class 模型 { BODY } }
            """);

        Assert.Equal(["event.Größe.class.g.cs", "event.Größe.模型.g.cs"], names);
    }

    [Fact]
    public void A_class_that_is_marked_twice_is_generated_once()
    {
        Assert.Equal(["Net.g.cs"], Generate("MODEL class Net { BODY } MODEL class Net { }"));
    }

    private static IEnumerable<string> Generate(string text) => Compiler.Generate(Compiler.Compile("using SourceNet; using TorchSharp;\n" + text
            .Replace("MODEL", "[Model, Input(4)] partial")
            .Replace("BODY", "[Linear(2), Output] private partial torch.Tensor Logits(torch.Tensor x);")))
        .Keys.Order(StringComparer.Ordinal);
}
