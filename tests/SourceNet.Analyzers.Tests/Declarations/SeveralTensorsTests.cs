namespace SourceNet.Analyzers.Tests.Declarations;

public class SeveralTensorsTests
{
    private const string Head = "[Linear(2)] private partial Tensor Body(Tensor x); public override ";
    private const string Named = Head + "(Tensor Left, Tensor Right) forward(Tensor x) => (Body(x), x); }";
    private const string Nameless = Head + "(Tensor, Tensor) forward(Tensor x) => (Body(x), x); }";
    private const string Single = "[Linear(2)] private partial Tensor Body(Tensor x); }";
    private const string Tuple = "forward gives one tensor; give a tuple with names, '(Tensor Image, Tensor Mean)'";
    private const string Among = "Of of Objective must be what it is about among the outputs of forward, Left, Right, found ";

    [Theory]
    [InlineData("{|SN6008:Objective(Huber)|}", Named, Among + "nothing: say Of = \"Left\"")]
    [InlineData("{|SN6008:Objective(Huber, Of = \"Middle\")|}", Named, Among + "'Middle'")]
    [InlineData(
        "{|SN6008:Objective(Huber, Of = \"Left, Right\")|}",
        Named,
        "The number of outputs of [Objective(Huber)] must be 1, found 2, 'Left, Right'")]
    [InlineData(
        "{|SN6008:Objective(KullbackLeibler, Of = \"Left\")|}",
        Named,
        "The number of outputs of [Objective(KullbackLeibler)] must be 2, the means and the logarithms of the variances, Of = \"Mean, LogVariance\", found 1, "
            + "'Left'")]
    [InlineData(
        "{|SN6008:Objective(KullbackLeibler)|}",
        Single,
        "The number of outputs of [Objective(KullbackLeibler)] must be 2, the means and the logarithms of the variances, Of = \"Mean, LogVariance\", found 1")]
    [InlineData(
        "{|SN6008:Objective(Huber, Of = \"Left\")|}",
        Nameless,
        "The tuple that forward gives must be one with names, '(Tensor Image, Tensor Mean)', so that [Objective] can say what it is about, found one without")]
    [InlineData(
        "Objective(CrossEntropy), {|SN6020:Objective(Huber)|}",
        Single,
        "A second [Objective] has no meaning here: " + Tuple + ", and say with Of what each is about")]
    [InlineData("{|SN6020:Objective(Huber, Of = \"x\")|}", Single, "Of of [Objective] has no meaning here: " + Tuple + ", or leave it out")]
    [InlineData(
        "{|SN6020:Objective(Huber, Weight = 2)|}",
        Single,
        "Weight of [Objective] has no meaning here: it weighs several objectives, and there is one")]
    [InlineData(
        "{|SN6011:Objective(Huber, Of = \"Left\", Weight = -1)|}",
        Named,
        "Weight of Objective must be at least 0, found -1")]
    [InlineData(
        "{|SN6012:Objective(CrossEntropy, Of = \"Left\", ClassWeights = new[] { 1.0, 2.0, 3.0 })|}",
        Named,
        "ClassWeights of [Objective] has 3 numbers, but the model predicts 2 classes")]
    public Task An_objective_that_belongs_to_no_output_is_reported(string objective, string body, string message) =>
        Declaration.Reports($"[Model, Input(8), {objective}] partial class Net {{ {body}", message);

    [Theory]
    [InlineData("public override Tensor forward([Input(8)] Tensor a, [Input(2)] Tensor b) => Body(cat([a, b], 1));")]
    [InlineData("public override Tensor forward([Input(8)] Tensor a, Tensor? b = null) => b is null ? Body(a) : Body(a) + b;")]
    [InlineData("public override (Tensor First, Tensor Second) forward([Input(8)] Tensor a, [Input(2)] Tensor b) => (Body(a), b);")]
    [InlineData("public override (Tensor, Tensor) forward([Input(8)] Tensor a) => (Body(a), a);")]
    [InlineData(
        "public override Tensor forward([Input(8)] Tensor a, Tensor b, Tensor c, Tensor d, Tensor e, Tensor f) => Body(a) + b + c + d + e + f;")]
    public Task A_forward_of_several_tensors_is_the_models(string forward) =>
        Declaration.IsSilent($"[Model] partial class Net {{ [Linear(4)] private partial Tensor Body(Tensor x); {forward} }}");

    [Fact]
    public Task A_shape_that_is_stated_of_a_parameter_reaches_the_blocks() => Declaration.Reports(
        "[Model] partial class Net { [{|SN6012:Input(8)|}, Linear(4)] private partial Tensor Body(Tensor x); "
            + "public override Tensor forward([Input(3)] Tensor a, [Input(3)] Tensor b) => Body(cat([a, b], 1)); }",
        "[Input] of 'Body' says [8], but the block gets [6]");
}
