<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en">
    <context>
        <name>orthoscribe::plugin::DetectController</name>
        <message numerus="yes">
            <source>%Ln box(es)</source>
            <translation>
                <numerusform>%Ln box</numerusform>
                <numerusform>%Ln boxes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln box(es) found</source>
            <translation>
                <numerusform>%Ln box found</numerusform>
                <numerusform>%Ln boxes found</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln box(es) in &lt;a href="%1"&gt;%2&lt;/a&gt;</source>
            <translation>
                <numerusform>%Ln box in &lt;a href="%1"&gt;%2&lt;/a&gt;</numerusform>
                <numerusform>%Ln boxes in &lt;a href="%1"&gt;%2&lt;/a&gt;</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::EngineProcess</name>
        <message numerus="yes">
            <source>the engine was not ready within %n minute(s)</source>
            <translation>
                <numerusform>the engine was not ready within %n minute</numerusform>
                <numerusform>the engine was not ready within %n minutes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::TrainController</name>
        <message numerus="yes">
            <source>%1: average precision %2, precision %3, recall %4 on %Ln held-out object(s)</source>
            <translation>
                <numerusform>%1: average precision %2, precision %3, recall %4 on %Ln held-out object</numerusform>
                <numerusform>%1: average precision %2, precision %3, recall %4 on %Ln held-out objects</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BoxAlgorithmTexts</name>
        <message numerus="yes">
            <source>%Ln box(es) found</source>
            <translation>
                <numerusform>%Ln box found</numerusform>
                <numerusform>%Ln boxes found</numerusform>
            </translation>
        </message>
    </context>
</TS>
