using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;

namespace SourceNet.Modeling.Tests.Declared;

/// <summary>
/// After the front end there are plain values only. A symbol, a syntax node or a compilation in them would keep whole compilations in memory, and
/// would make equal declarations unequal, so that the generator would run at every keystroke.
/// </summary>
public class ValueModelTests
{
    private const string Everything = """
        [Model, Input("T", DType = ScalarType.Int64), Objective(ObjectiveKind.CrossEntropy), LabelSmoothing(0.1), GradientClip(1)]
        [Norm(RMS), Activation(SiLU), Dropout(nameof(rate)), DropPath(0.1), ElasticNet("rate", L1Ratio = 0.3), MaxNorm(3), WeightNorm, SpectralNorm]
        public partial class M(int n, double rate, TorchSharp.Modules.Linear given)
        {
            private readonly TorchSharp.Modules.Linear head = given;
            [Name("scale.x")] private TorchSharp.Modules.Parameter scale = null!;

            [Embedding("n", 8), PositionEmbedding(32)] private partial Tensor Embed(Tensor x);
            [Residual, Attention(2, Rotary = true, Dropout = 0.1)] private partial Tensor Attend(Tensor x);
            [Residual, FeedForward("4 * n / 3"), DropConnect(0.2)] private partial Tensor Feed(Tensor x);
            [Stack<Inner>("n, rate * index", Repeat = "n / 2")] private partial Tensor Inners(Tensor x);
            [Reshape("T", 2, 4), Input("T", 2, 4), SwiGlu(3)] private partial Tensor Shaped(Tensor x);
            [Linear("n", TiedTo = nameof(Embed)), Output] private partial Tensor Logits(Tensor x);
            public override Tensor forward(Tensor input) { var x = Embed(input); x = Attend(x) + x; return Logits(Feed(cat([x, x], -1))); }
        }

        [Model, Input(3, "2 * size", "size")]
        partial class Inner(int size, double rate)
        {
            [Conv2d(4, Kernel = "3, 1", Padding = new[] { 1, 0 }, Groups = 1), MaxPool2d(2), Activation(LeakyReLU, Slope = 0.2), SpatialDropout("rate")] private partial Tensor A(Tensor x);
            [Conv2d(, Kernel = 2)] private partial Tensor Broken(Tensor x);
            [Linear("nothing"), Flatten, GlobalAveragePool, Softmax, GaussianNoise(0.1)] private partial int Wrong(Tensor x);
        }
        """;

    [Theory]
    [InlineData(typeof(ModelDeclaration))]
    [InlineData(typeof(LayerGraph))]
    public void Types_hold_plain_values_only(Type root)
    {
        var seen = new HashSet<Type>();
        var waiting = new Stack<Type>([root]);
        while (waiting.TryPop(out var type))
        {
            if (!seen.Add(type))
            {
                continue;
            }

            Assert.True(IsPlain(type), $"{root.Name} reaches {type}");
            foreach (var inner in Reached(type))
            {
                waiting.Push(inner);
            }
        }

        Assert.Contains(typeof(ConvolutionLayer), seen);
        Assert.Contains(typeof(Modeling.Sizes.Dim.Atom.Quotient), seen);
        Assert.Contains(typeof(Origin), seen);
    }

    [Fact]
    public void A_graph_holds_plain_values_only()
    {
        foreach (var graph in Declarations.Graphs(Everything))
        {
            var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
            Walk(graph, nameof(LayerGraph), seen);
            Assert.InRange(seen.Count, 50, 5000);
        }
    }

    [Fact]
    public void The_same_text_read_twice_is_equal_in_value_and_hash()
    {
        foreach (var (first, second) in Declarations.Graphs(Everything).Zip(Declarations.Graphs(Everything)))
        {
            Assert.NotSame(first, second);
            Assert.Equal(first.Declaration, second.Declaration);
            Assert.Equal(first.Declaration!.GetHashCode(), second.Declaration!.GetHashCode());
            Assert.Equal(first, second);
            Assert.Equal(first.GetHashCode(), second.GetHashCode());
        }
    }

    [Theory]
    [InlineData("", "// a comment before it\n\n")]
    [InlineData("}", "} // a comment behind it")]
    [InlineData("private readonly TorchSharp.Modules.Linear head = given;", "private   readonly TorchSharp.Modules.Linear head = given ; // its head")]
    [InlineData("SwiGlu(3)]", "SwiGlu( 3 )\n]")]
    [InlineData("var x = Embed(input);", "var x = Embed(input); /* look up */")]
    [InlineData("[Model, Input(3,", "class Unrelated { int f() => 3; }\n[Model, Input(3,")]
    public void An_edit_that_means_nothing_gives_an_equal_declaration(string old, string @new)
    {
        var edited = old.Length == 0 ? @new + Everything : Replace(Everything, old, @new);

        Assert.NotEqual(Everything, edited);
        Assert.Equal(Declarations.Read(Everything), Declarations.Read(edited));
        Assert.Equal(Declarations.Read(Everything).GetHashCode(), Declarations.Read(edited).GetHashCode());
    }

    [Fact]
    public void An_edit_in_another_file_gives_an_equal_declaration()
    {
        var before = Declarations.Compile(Everything);
        var after = before.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Elsewhere { }", new CSharpParseOptions(LanguageVersion.CSharp12)));

        Assert.Equal(Declarations.Read(before), Declarations.Read(after));
    }

    [Theory]
    [InlineData("Embedding(\"n\", 8)", "Embedding(\"n\", 9)")]
    [InlineData("\"4 * n / 3\"", "\"4 * n / 2\"")]
    [InlineData("Rotary = true", "Rotary = false")]
    [InlineData("L1Ratio = 0.3", "L1Ratio = 0.4")]
    [InlineData("rate * index", "rate + index")]
    [InlineData("Slope = 0.2", "Slope = 0.1")]
    [InlineData("Kernel = \"3, 1\"", "Kernel = \"1, 3\"")]
    [InlineData("private partial Tensor Feed", "public partial Tensor Feed")]
    [InlineData("scale.x", "scale.y")]
    [InlineData("double rate, TorchSharp", "int rate, TorchSharp")]
    [InlineData("x = Attend(x) + x", "x = Attend(x + x)")]
    [InlineData("Linear(\"n\", TiedTo = nameof(Embed)), Output]", "Linear(\"n\", TiedTo = nameof(Embed))]")]
    public void An_edit_of_what_is_declared_gives_another_declaration(string old, string @new) =>
        Assert.NotEqual(Declarations.Read(Everything), Declarations.Read(Replace(Everything, old, @new)));

    private static string Replace(string text, string old, string @new)
    {
        var at = text.LastIndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, old);
        return string.Concat(text.AsSpan(0, at), @new, text.AsSpan(at + old.Length));
    }

    /// <summary>Everything a value of the type can hold: its fields' types and their arguments, and what derives from it.</summary>
    private static IEnumerable<Type> Reached(Type type)
    {
        if (type.IsArray)
        {
            return [type.GetElementType()!];
        }

        if (type.Assembly != typeof(ModelDeclaration).Assembly)
        {
            return type.GetGenericArguments();
        }

        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => field.FieldType);
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(property => property.PropertyType);
        var derived = type.Assembly.GetTypes().Where(other => other.BaseType == type && !type.IsEnum);
        return fields.Concat(properties).Concat(type.GetGenericArguments()).Concat(derived).Where(inner => inner != typeof(Type) && !inner.IsGenericParameter);
    }

    /// <summary>The modeling's own immutable types, and the plain types of the runtime.</summary>
    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsArray || type == typeof(string) || type == typeof(object)
        || Nullable.GetUnderlyingType(type) is not null
        || (type.IsInterface && type.Namespace == "System.Collections.Generic")
        || (type.Assembly == typeof(ModelDeclaration).Assembly && type.Namespace is "SourceNet.Modeling"
            or "SourceNet.Modeling.Graph"
            or "SourceNet.Modeling.Layers"
            or "SourceNet.Modeling.Regularizers"
            or "SourceNet.Modeling.Sizes"
            && (type.IsEnum || typeof(IEquatable<>).MakeGenericType(type).IsAssignableFrom(type)));

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || (!value.GetType().IsValueType && !seen.Add(value)))
        {
            return;
        }

        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or SyntaxReference or Compilation or Location or AttributeData or SemanticModel, path);
        Assert.True(value.GetType().IsArray || IsPlain(value.GetType()), $"{path} is a {value.GetType()}");
        if (value is Array items)
        {
            foreach (var item in items)
            {
                Walk(item, path + "[]", seen);
            }

            return;
        }

        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
