using System.Reflection;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Tests.Layers;

/// <summary>
/// Every kind of layer is known to everything that asks for kinds. What a kind itself lacks, the compiler names: its members are abstract, its finder's are
/// required.
/// </summary>
public class LayerKindTests
{
    private static readonly Type[] s_kinds = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract).ToArray();

    /// <summary>Kinds that no attribute declares: hand-written models have them.</summary>
    private static readonly Type[] s_notDeclared = [
        typeof(RecurrentLayer),
        typeof(TransformerLayer),
        typeof(UnreadableLayer),
        typeof(OtherLayer)
    ];

    public static TheoryData<Type> Kinds => new(s_kinds);

    private static readonly string[] s_attributes = typeof(ModelAttribute).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(LayerAttribute)) && !type.IsAbstract)
        .Select(type => type.Name.Split('`')[0].Replace("Attribute", "", StringComparison.Ordinal))
        .ToArray();

    public static TheoryData<string> Attributes => new(s_attributes);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_is_in_the_catalogue(Type kind)
    {
        var finder = kind.GetProperty("Found", BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null);

        Assert.NotNull(finder);
        Assert.Contains(finder, All());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_that_is_declared_has_a_member_of_its_own_in_every_back_end(Type kind)
    {
        var members = typeof(ILayerVisitor<>).GetMethods().Where(method => method.GetParameters()[0].ParameterType == kind);

        Assert.Equal(s_notDeclared.Contains(kind) ? 0 : 1, members.Count());
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void An_attribute_of_a_layer_is_read_by_one_kind(string attribute) =>
        Assert.Single(All(), finder => Names(finder, "Attributes").Contains(attribute));

    [Fact]
    public void A_kind_reads_no_attribute_that_is_not_there() =>
        Assert.All(All().SelectMany(finder => Names(finder, "Attributes")), name => Assert.Contains(name, s_attributes));

    [Fact]
    public void Every_class_of_layers_that_the_library_has_is_recognized_where_it_is_made_by_hand()
    {
        var own = typeof(ModelAttribute).Assembly.GetExportedTypes()
            .Where(type => type is { Namespace: "SourceNet.Layers", IsAbstract: false } && type.IsSubclassOf(typeof(TorchSharp.torch.nn.Module)))
            .Select(type => type.Name);

        Assert.Equal(own.Order(), All().SelectMany(finder => Names(finder, "OwnModules")).Order());
    }

    [Fact]
    public void Every_module_that_a_kind_names_is_one_of_torchsharp()
    {
        var factories = typeof(TorchSharp.torch.nn).GetMethods().Select(method => method.Name).ToHashSet();

        Assert.All(
            All().SelectMany(finder => Names(finder, "Modules")),
            name => Assert.True(factories.Contains(name) || name is "RMSNorm" || IsOurs(name), name));

        // An activation that TorchSharp lacks is made by no function of it.
        static bool IsOurs(string name) => Enum.TryParse<Modeling.ActivationKind>(name, out var kind) && !Modeling.ActivationKinds.HasFunction(kind);
    }

    private static IEnumerable<object> All() =>
        ((System.Collections.IEnumerable)typeof(Layer).Assembly.GetType(
            "SourceNet.Modeling.Layers.LayerKinds")!.GetProperty("All")!.GetValue(null)!).Cast<object>();

    private static IReadOnlyList<string> Names(object finder, string list) => (IReadOnlyList<string>)finder.GetType().GetProperty(list)!.GetValue(finder)!;
}
