using SourceNet.Analyzers.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class ShadowedParameterTests
{
    [Theory]
    [InlineData("public Tensor weight => _weight;", "it has no setter, so to() throws")]
    [InlineData("public Parameter weight { get; set; } = new(zeros(3));", "its setter registers nothing, so the module keeps the old tensor")]
    public Task The_message_says_what_happens(string property, string damage) => Code<ShadowedParameter>.Reports(
        Net(property, "{|SN5004:\"weight\"|}"),
        $"to() sets the property 'weight' by reflection because 'weight' is registered: {damage}. Register it under another name, or call "
            + $"ConditionallyRegisterParameter in a setter.");

    [Theory]
    [InlineData("public Tensor weight => _weight;", "\"scale\"")]
    [InlineData("internal Tensor weight => _weight;", "\"weight\"")]
    [InlineData("public Parameter weight { get => _weight; set { _weight = value; ConditionallyRegisterParameter(\"weight\", value); } }", "\"weight\"")]
    public Task Another_name_or_a_setter_that_registers_is_silent(string property, string name) => Code<ShadowedParameter>.IsSilent(Net(property, name));

    private static string Net(string property, string name) =>
        $"class Net : nn.Module<Tensor, Tensor> {{ Parameter _weight = new(zeros(3)); {property} public Net() : base(\"Net\") => register_parameter({name}, "
            + $"_weight); public override Tensor forward(Tensor x) => x * _weight; }}";
}
