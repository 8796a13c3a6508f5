using SourceNet.CompilerServices;
using SourceNet.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Tests.Registration;

public class LayerRegistryTests
{
    [Fact]
    public void State_dict_names_are_the_paths_of_the_layers()
    {
        using var model = new SmallCnn();
        Assert.Equal(
        [
            "block.conv.weight",
            "block.norm.bias", "block.norm.num_batches_tracked", "block.norm.running_mean", "block.norm.running_var", "block.norm.weight",
            "hidden.linear.bias", "hidden.linear.weight", "logits.linear.bias", "logits.linear.weight",
        ], model.state_dict().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_of_lists_and_nested_models_are_numbered_and_tied_names_are_left_out()
    {
        using var model = new SmallLanguageModel(headCount: 12);
        var names = model.state_dict().Keys.ToArray();
        Assert.Equal(Enumerable.Range(0, 12).Select(index => $"heads.{index}.weight"),
            names.Where(name => name.StartsWith("heads.") && name.EndsWith(".weight")));
        Assert.Contains("blocks.1.mix.linear.weight", names);
        Assert.Contains("scale", names);
        Assert.DoesNotContain("logits.linear.weight", names);
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Every_parameter_is_in_exactly_one_group()
    {
        using var model = new SmallLanguageModel();
        var grouped = model.ParameterGroups().SelectMany(group => group.Parameters).Select(parameter => parameter.Handle).ToArray();
        Assert.Equal(model.parameters().Select(parameter => parameter.Handle).Order(), grouped.Order());
    }

    [Fact]
    public void Children_come_in_the_order_of_registration()
    {
        using var model = new SmallCnn();
        Assert.Equal(["block", "hidden", "logits"], model.named_children().Select(child => child.name));
        Assert.Equal("SmallCnn", model.GetName());
    }

    [Fact]
    public void A_module_that_is_null_is_named_with_its_class_and_path()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Broken(layers => layers.Add("block.conv", null)));
        Assert.Equal("Broken: 'block.conv' is null. Initialize it in its declaration, so that it exists when the model registers its layers.", error.Message);
        Assert.Contains("'heads.1' is null", Assert.Throws<InvalidOperationException>(() => new Broken(
            layers => layers.AddAll("heads", [ReLU(), null]))).Message);
        Assert.Contains("'heads' is null", Assert.Throws<InvalidOperationException>(() => new Broken(layers => layers.AddAll("heads", null))).Message);
        Assert.Contains("'scale' is null", Assert.Throws<InvalidOperationException>(() => new Broken(layers => layers.AddParameter("scale", null))).Message);
    }

    public static TheoryData<string, Action<LayerRegistry>> Duplicates => new()
    {
        { "two modules", layers => { layers.Add("a.b", ReLU()); layers.Add("a.b", ReLU()); } },
        { "module over container", layers => { layers.Add("a.b", ReLU()); layers.Add("a", ReLU()); } },
        { "module over parameter", layers => { layers.AddParameter("a", Parameter(ones(1))); layers.Add("a", ReLU()); } },
        { "container over parameter", layers => { layers.AddParameter("a", Parameter(ones(1))); layers.Add("a.b", ReLU()); } },
        { "parameter over module", layers => { layers.Add("a", ReLU()); layers.AddParameter("a", Parameter(ones(1))); } },
        { "two parameters", layers => { layers.AddParameter("c.a", Parameter(ones(1))); layers.AddParameter("c.a", Parameter(ones(1))); } },
        { "module over alias", layers => { layers.AddParameter("p", Parameter(ones(1))); layers.Tie("a.b", "p"); layers.Add("a.b", ReLU()); } },
    };

    [Theory, MemberData(nameof(Duplicates))]
    public void A_name_that_is_taken_is_refused(string what, Action<LayerRegistry> register)
    {
        Assert.NotNull(what);
        var error = Assert.Throws<InvalidOperationException>(() => new Broken(register));
        Assert.Contains("is registered already", error.Message);
        Assert.StartsWith("Broken: 'a", error.Message.Replace("'c.a", "'a"));
    }

    [Fact]
    public void Nothing_can_be_registered_beneath_a_layer()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Broken(layers => { layers.Add("block", ReLU()); layers.Add("block.norm", ReLU()); }));
        Assert.Contains("'block' is a ReLU of its own", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a. ")]
    public void A_path_with_an_empty_part_is_refused(string path) =>
        Assert.Throws<ArgumentException>(() => new Broken(layers => layers.Add(path, ReLU())));

    [Fact]
    public void A_tie_needs_an_owner_and_a_free_name()
    {
        Assert.Contains("no such parameter", Assert.Throws<InvalidOperationException>(() => new Broken(layers => layers.Tie("a", "b"))).Message);
        Assert.Contains("taken", Assert.Throws<InvalidOperationException>(() => new Broken(
            layers => { layers.Add("a", Linear(1, 1)); layers.Tie("a.bias", "a.weight"); })).Message);
    }

    [Fact]
    public void A_model_made_inside_a_dispose_scope_outlives_it()
    {
        SmallLanguageModel model;
        using (NewDisposeScope())
        {
            model = new();
        }
        using (model)
        {
            Assert.All(model.parameters(), parameter => Assert.False(parameter.IsInvalid));
            using var logits = model.call(zeros([2, 4], ScalarType.Int64));
            Assert.Equal([2, 4, 11], logits.shape);
        }
    }

    [Fact]
    public void Conversion_reaches_every_parameter_and_the_fields_that_hold_them()
    {
        using var model = new SmallLanguageModel();
        model.to(ScalarType.Float64);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Float64, model.scale.dtype);
        Assert.Equal(model.get_parameter("scale")!.Handle, model.scale.Handle);
        using var logits = model.call(zeros([2, 4], ScalarType.Int64));
        Assert.Equal(ScalarType.Float64, logits.dtype);
        logits.sum().backward();
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Conversion_keeps_values_and_gradients()
    {
        using var model = new WithScale();
        model.scale.sum().backward();
        model.to(ScalarType.Float64).to(ScalarType.Float32);
        Assert.Equal([1f, 2f], model.scale.data<float>().ToArray());
        Assert.Equal([1f, 1f], model.scale.grad!.data<float>().ToArray());
        Assert.Equal(model.inner.Handle, model.get_parameter("inner.scale")!.Handle);
    }

    [Fact]
    public void A_parameter_whose_field_cannot_be_set_refuses_conversion_and_says_how_to_allow_it()
    {
        using var model = new Broken(layers => layers.AddParameter("scale", Parameter(ones(1))));
        model.to(ScalarType.Float32);
        var error = Assert.Throws<InvalidOperationException>(() => model.to(ScalarType.Float64));
        Assert.Contains("'scale'", error.Message);
        Assert.Contains("AddParameter(path, parameter, ", error.Message);
        Assert.Equal(ScalarType.Float32, model.get_parameter("scale")!.dtype);
    }

    [Fact]
    public void A_readonly_field_can_be_set_through_a_reference()
    {
        using var model = new WithReadonlyScale();
        model.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, model.scale.dtype);
        Assert.Equal(model.get_parameter("scale")!.Handle, model.scale.Handle);
    }

    [Fact]
    public void Disposing_the_model_disposes_its_parameters_and_can_be_repeated()
    {
        var model = new SmallLanguageModel();
        Parameter[] parameters = [.. model.parameters()];
        model.Dispose();
        model.Dispose();
        Assert.All(parameters, parameter => Assert.True(parameter.IsInvalid));
    }

    private sealed class Broken(Action<LayerRegistry> register) : BareModel
    {
        protected override void RegisterLayers(LayerRegistry layers) => register(layers);
    }

    private sealed class WithScale : BareModel
    {
        internal Parameter scale = Parameter(tensor(new[] { 1f, 2f }));
        internal Parameter inner = Parameter(ones(2));

        protected override void RegisterLayers(LayerRegistry layers)
        {
            layers.AddParameter("scale", scale, value => scale = value);
            layers.AddParameter("inner.scale", inner, value => inner = value);
        }
    }

    private sealed class WithReadonlyScale : BareModel
    {
        internal readonly Parameter scale = Parameter(ones(2));

        protected override void RegisterLayers(LayerRegistry layers) =>
            layers.AddParameter("scale", scale, value => System.Runtime.CompilerServices.Unsafe.AsRef(in scale) = value);
    }
}
