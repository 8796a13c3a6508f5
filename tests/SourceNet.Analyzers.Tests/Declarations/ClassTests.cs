namespace SourceNet.Analyzers.Tests.Declarations;

public class ClassTests
{
    private const string Block = "[Linear(10), Output] private partial Tensor Logits(Tensor x);";

    [Theory]
    [InlineData("[Model, Input(3)] class {|SN6001:Net|} { " + Block + " }", "'Net' must be declared 'partial': the generator writes its other part")]
    [InlineData(
        "class Zoo { [Model, Input(3)] partial class {|SN6001:Net|} { " + Block + " } }",
        "'Zoo' around 'Net' must be declared 'partial' too: the generator writes the other part of 'Net' inside it")]
    [InlineData(
        "[Model, Input(3)] partial record {|SN6001:Net|} { " + Block + " }",
        "'Net' is a record: a model must be a partial class that can be instantiated and that other files see")]
    [InlineData(
        "[Model, Input(3)] partial struct {|SN6001:Net|} { " + Block + " }",
        "'Net' is a struct: a model must be a partial class that can be instantiated and that other files see")]
    [InlineData(
        "[Model, Input(3)] partial interface {|SN6001:Net|} { }",
        "'Net' is an interface: a model must be a partial class that can be instantiated and that other files see")]
    [InlineData(
        "[Model, Input(3)] static partial class {|SN6001:Net|} { }",
        "'Net' is a static class: a model must be a partial class that can be instantiated and that other files see")]
    [InlineData(
        "[Model, Input(3)] abstract partial class {|SN6001:Net|} { " + Block + " }",
        "'Net' is an abstract class: a model must be a partial class that can be instantiated and that other files see")]
    [InlineData(
        "[Model, Input(3)] file partial class {|SN6001:Net|} { " + Block + " }",
        "'Net' is a class that only its own file sees: a model must be a partial class that can be instantiated and that other files see")]
    public Task A_type_that_cannot_be_extended_is_reported_alone(string source, string message) => Declaration.Reports(source, message);

    [Theory]
    [InlineData(
        "class Base { } [Model, Input(3)] partial class {|SN6002:Net|} : Base { " + Block + " }",
        "'Net' derives from 'Base': a model derives from SourceNet.Model, which the generated part states; remove the base class")]
    [InlineData(
        "[Model, Input(3)] partial class {|SN6002:Net|} : nn.Module<Tensor, Tensor> { public Net() : base(\"Net\") { } " + Block + " }",
        "'Net' derives from 'Module<Tensor, Tensor>': a model derives from SourceNet.Model, which the generated part states; remove the base class")]
    [InlineData(
        "[Model, Input(3)] partial class First { "
            + Block
            + " } [Model, Input(3)] partial class {|SN6002:Second|} : First { [Linear(4)] private partial Tensor More(Tensor x); }",
        "'Second' derives from 'First': a model derives from SourceNet.Model, which the generated part states; remove the base class")]
    public Task Another_base_class_is_reported(string source, string message) => Declaration.Reports(source, message);

    [Theory]
    [InlineData(
        "[Model] partial class {|SN6004:Net|} { }",
        "'Net' has no block, so the model would have no layers: add a method such as '[Linear(10), Output] private partial Tensor Logits(Tensor x);'")]
    [InlineData(
        "[Model, Input(3)] partial class {|SN6004:Net|} { public Tensor Twice(Tensor x) => x + x; }",
        "'Net' has no block, so the model would have no layers: add a method such as '[Linear(10), Output] private partial Tensor Logits(Tensor x);'")]
    public Task A_model_without_blocks_is_reported(string source, string message) => Declaration.Reports(source, message);

    [Theory]
    [InlineData("[Model, Input(3), Norm(Batch), {|SN6019:Norm(Layer)|}] partial class Net { [Linear(4)] private partial Tensor Hidden(Tensor x); "
        + Block
        + " }",
        "'Net' has a default for [Norm] already, and a block gets one of a kind: remove one")]
    [InlineData("[Model, Input(3), Dropout(0.1), {|SN6019:AlphaDropout(0.2)|}] partial class Net { [Linear(4)] private partial Tensor Hidden(Tensor x); "
        + Block
        + " }",
        "'Net' has [Dropout] as its default dropout already, and a block gets one: remove [AlphaDropout], or put it on the blocks that it is meant for")]
    public Task A_second_default_of_a_kind_is_reported(string source, string message) => Declaration.Reports(source, message);

    [Theory]
    [InlineData("[Model, Input(3), Norm(Batch), Activation(ReLU)] partial class {|SN6016:Net|} { [Linear(4)] private partial Tensor Hidden(Tensor x); "
        + "[Linear(2)] private partial Tensor Logits(Tensor x); }",
        "No block of 'Net' is marked [Output], so the norm, activation and dropout on the class are applied to 'Logits' too: mark the block that makes the "
            + "logits [Output]")]
    public Task Defaults_that_reach_the_logits_are_reported(string source, string message) => Declaration.Reports(source, message);

    [Theory]
    [InlineData(
        "[Model, Input(3), {|SN6024:DropPath(0.1)|}] partial class Net { " + Block + " }",
        "[DropPath] on 'Net' reaches no block, so it does nothing: it needs a [Residual] block with a weighted layer")]
    [InlineData(
        "[Model, Input(3), {|SN6024:Norm(Batch)|}] partial class Net { " + Block + " }",
        "[Norm] on 'Net' reaches no block, so it does nothing: it needs a block with a weighted layer, no norm of its own and no [Output]")]
    [InlineData(
        "[Model, Input(3), {|SN6024:Activation(ReLU)|}] partial class Net { " + Block + " }",
        "[Activation] on 'Net' reaches no block, so it does nothing: it needs a block with a weighted layer, no activation of its own and no [Output]")]
    [InlineData(
        "[Model, Input(3), {|SN6024:AlphaDropout(0.1)|}] partial class Net { " + Block + " }",
        "[AlphaDropout] on 'Net' reaches no block, so it does nothing: it needs a block with a weighted layer, no dropout of its own and no [Output]")]
    [InlineData(
        "[Model, Input(3), {|SN6024:SpatialDropout(0.1)|}] partial class Net { [Linear(4)] private partial Tensor Hidden(Tensor x); " + Block + " }",
        "[SpatialDropout] on 'Net' reaches no block, so it does nothing: it needs a block whose last weighted layer is a convolution")]
    [InlineData(
        "[Model, Input(3), {|SN6024:DropBlock(0.1)|}] partial class Net { [Linear(4)] private partial Tensor Hidden(Tensor x); " + Block + " }",
        "[DropBlock] on 'Net' reaches no block, so it does nothing: it needs a block whose last weighted layer is a convolution")]
    [InlineData("[Model, Input(3), {|SN6024:WeightDecay(0.1)|}] partial class Net { [WeightDecay(0), Linear(4)] private partial Tensor Logits(Tensor x); }",
        "[WeightDecay] on 'Net' reaches no block, so it does nothing: it needs a block with a weighted layer that does not say [WeightDecay] itself")]
    [InlineData("[Model, Input(\"T\", DType = ScalarType.Int64), {|SN6024:ElasticNet(0.1)|}] partial class Net { [Embedding(4, 4)] private partial Tensor "
        + "Logits(Tensor x); }",
        "[ElasticNet] on 'Net' reaches no block, so it does nothing: it needs a block with a weighted layer that does not say [ElasticNet] itself")]
    [InlineData("[Model, Input(3, 4), {|SN6024:WeightNorm|}] partial class Net { [Attention(2)] private partial Tensor Logits(Tensor x); }",
        "[WeightNorm] on 'Net' reaches no block, so it does nothing: it needs a block with a linear layer or a convolution that has a weight of its own")]
    [InlineData("[Model, Input(3), {|SN6024:DropConnect(0.1)|}] partial class Net { " + Block + " }",
        "[DropConnect] on 'Net' reaches no block, so it does nothing: it needs a block with a linear layer or a convolution that has a weight of its own, "
            + "and no [Output]")]
    public Task A_default_that_reaches_no_block_is_reported(string source, string message) => Declaration.Reports(source, message);

    [Theory]
    [InlineData(
        "{|SN6022:WeightDecay(0.1)|}",
        "",
        "[WeightDecay] does nothing here: 'Net' has no [Model], so nothing is generated from its attributes; put [Model] on the class")]
    [InlineData("Obsolete", "[{|SN6022:Dropout(0.1)|}, Linear(3)] public Tensor Twice(Tensor x) => x + x; [Linear(4)] public Tensor Again(Tensor x) => x;",
        "[Dropout] does nothing here: 'Net' has no [Model], so nothing is generated from its attributes; put [Model] on the class")]
    public Task Layers_on_a_class_without_Model_are_reported_once(string attribute, string members, string message) =>
        Declaration.Reports($"[{attribute}] class Net {{ {members} }}", message);

    [Theory]
    [InlineData("[Model, Input(3)] partial class Net { " + Block + " }")]
    [InlineData("partial struct Zoo { [Model, Input(3)] public sealed partial class Net { " + Block + " } }")]
    [InlineData(
        "namespace Deep.SourceNet { [Model, Input(3)] partial class Net<T> : Model, IComparable where T : class { "
            + Block
            + " int IComparable.CompareTo(object? other) => 0; } }")]
    [InlineData("abstract class Base : Model { } [Model, Input(3)] partial class Net : Base { " + Block + " }")]
    [InlineData("[Model, Input(3)] partial class Net { " + Block + " } sealed class Derived : Net { }")]
    [InlineData(
        "[Model, Input(3), Norm(Batch), Activation(ReLU), Dropout(0.1)] partial class Net { [Linear(4)] private partial Tensor Hidden(Tensor x); "
            + Block
            + " }")]
    [InlineData("[Model, Input(3), Norm(NormKind.None), Dropout(0)] partial class Net { " + Block + " }")]
    [InlineData("[Model, Input(3), DropPath(0.1)] partial class Net { [Residual, Linear(3)] private partial Tensor Hidden(Tensor x); " + Block + " }")]
    [InlineData("[Model, Input(3), WeightDecay(0.1)] partial class Net { [WeightDecay(0), Linear(4)] private partial Tensor Hidden(Tensor x); " + Block + " }")]
    [InlineData(
        "[Model, Input(3), L1(0.1), MaxNorm(0)] partial class Net { [Norm(Layer)] private partial Tensor Scaled(Tensor x); public Linear Head { get; } = "
            + "nn.Linear(3, 3); }")]
    [InlineData(
        "[Model, Input(3), WeightDecay(0.1)] partial class Net { [Stack<Inner>] private partial Tensor Inside(Tensor x); } [Model, Input(3)] partial class "
            + "Inner { [Linear(3)] private partial Tensor A(Tensor x); }")]
    [InlineData("[Model, Input(3), ElasticNet(0.1)] partial class Net { [WeightDecay(0), Linear(4)] private partial Tensor Hidden(Tensor x); }")]
    [InlineData(
        "[Model, Input(3)] partial class Net(int @class) { [Linear(\"@class\")] private partial Tensor @new(Tensor @base); [Linear(4)] private partial "
            + "Tensor input(Tensor @this); }")]
    [InlineData("class Net { [Obsolete] public Tensor Twice(Tensor x) => x + x; }")]
    public Task The_nearest_correct_class_is_silent(string source) => Declaration.IsSilent(source);

    [Fact]
    public Task Parts_in_several_files_are_one_model() => Declaration.ReportsIn(
        "public partial class Net { public int Width => 4; }",
        "[Model, Input(3)] partial class Net { [{|SN6007:Linear(0)|}] private partial Tensor Hidden(Tensor x); }");
}
